#!/bin/sh
# Assembles a root file system: Debian's unmodified static busybox with its applet links, and the given /init.
# Usage: workload/assemble.sh DESTINATION INIT
set -eu
destination=$1 init=$2

rm -rf "$destination"
mkdir -p "$destination/bin" "$destination/sbin" "$destination/usr/bin" "$destination/usr/sbin" \
    "$destination/dev" "$destination/proc" "$destination/sys" "$destination/tmp" "$destination/root" "$destination/etc"
cp /bin/busybox "$destination/bin/busybox"
/bin/busybox --list-full | while read -r applet; do
    [ "$applet" = bin/busybox ] || ln -s /bin/busybox "$destination/$applet"
done
cp "$(dirname "$0")/profile" "$destination/etc/profile"
echo 'root:x:0:0:root:/root:/bin/sh' >"$destination/etc/passwd"
echo 'root:x:0:' >"$destination/etc/group"
cp "$init" "$destination/init"
chmod 755 "$destination/init" "$destination/bin/busybox"
