/// The store on ZooKeeper, in Patroni's layout.
@NullMarked
package io.tamada.dcs.zookeeper;

import org.jspecify.annotations.NullMarked;
