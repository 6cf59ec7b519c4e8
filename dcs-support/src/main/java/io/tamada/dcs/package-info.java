/// What stores have in common: Patroni's key layout and JSON, and the store contract written once
/// over key-value operations.
@NullMarked
package io.tamada.dcs;

import org.jspecify.annotations.NullMarked;
