# The root of a server over this machine's: what is written lies in memory, in this name space alone. Then blocks, as files
# that are named on the terminal. $1: a folder with "given" and "root".
mount -t tmpfs -o mode=0755 tmpfs "$1/root"
mkdir "$1/root/upper" "$1/root/work" "$1/root/all"
mount -t overlay -o "lowerdir=/,upperdir=$1/root/upper,workdir=$1/root/work" overlay "$1/root/all"
mount --move "$1/root/all" "$1/root"
root=$1/root
mkdir "$root/given"
mount --bind "$1/given" "$root/given"
mkdir "$1/more"
mount -t tmpfs -o mode=0755 tmpfs "$1/more"
number=0
for place in $(echo "$READABLE" | tr : ' '); do
    if [ ! -e "$root$place" ]; then  # on a disk of its own
        number=$((number + 1))
        layer=$1/more/$number
        mkdir -p "$layer/upper" "$layer/work" "$root$place"
        mount -t overlay -o "lowerdir=$place,upperdir=$layer/upper,workdir=$layer/work" overlay "$root$place"
    fi
    while [ "$place" != / ]; do  # any account may run the tests' Python
        chmod a+rx "$root$place" 2>/dev/null || true
        place=$(dirname "$place")
    done
done
for fresh in /run /srv /var/lib/postgresql /var/lib/campaign /etc/postgresql /etc/campaign /etc/redis /etc/letsencrypt; do
    mkdir -p "$root$fresh"
    mount -t tmpfs -o mode=0755 tmpfs "$root$fresh"
done
rm -f "$root/etc/init.d/postgresql" "$root/etc/init.d/redis-server"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t proc proc "$root/proc"
chroot "$root" /given/bin/loopback
stty -echo
exec chroot "$root" bash -c '
    set -e
    cd /root
    echo "[ready]"
    while read -r block; do . "$block"; echo "[done $block]"; done
'
