/// The store on etcd, in Patroni's layout.
@NullMarked
package io.tamada.dcs.etcd;

import org.jspecify.annotations.NullMarked;
