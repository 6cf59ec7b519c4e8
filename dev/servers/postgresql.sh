# Sourced by recipes of PostgreSQL that have set `major`: its programs find their own libraries beside them. Where the recipe
# brings a C library, they are started by that one's loader, whose path is absolute: the folder can't be moved afterwards.
program=usr/lib/postgresql/$major/bin/postgres

prepare() {
    local bin=usr/lib/postgresql/$major/bin file own edit=(usr/bin/patchelf)
    rm -rf usr/share/{doc,man,locale,lintian} usr/lib/postgresql/"$major"/lib/{bitcode,llvmjit*}
    own=$(ls usr/lib64/ld-linux-*.so.* usr/lib/ld-linux-*.so.* 2>/dev/null | head -n 1)
    [ -z "$own" ] || edit=("$own" --library-path "$(echo usr/lib/*-linux-gnu)" usr/bin/patchelf)
    for file in "$bin"/*; do
        [ ! -L "$file" ] && [ "$(head -c 4 "$file" | tail -c 3)" = ELF ] || continue
        "${edit[@]}" ${own:+--set-interpreter "$target/$own"} --force-rpath \
            --set-rpath "\$ORIGIN/../../../$(basename usr/lib/*-linux-gnu):\$ORIGIN/../../../../../lib/$(basename usr/lib/*-linux-gnu)" \
            "$file" || return 1
    done
}
