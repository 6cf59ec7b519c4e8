/// The store on Consul, by its HTTP interface, in Patroni's layout.
@NullMarked
package io.tamada.dcs.consul;

import org.jspecify.annotations.NullMarked;
