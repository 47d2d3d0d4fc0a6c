#!/usr/bin/env bash
# lwIP's NetBIOS name service as Debian has it: built on the spot in a folder, of which nothing is kept.
# usage: lwip.sh version | build FOLDER | run FOLDER TAP ADDRESS NAME
# Debian's library leaves netbiosns.c out, so that one file comes from its source package.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
case $1 in
    version)
        apt-cache policy liblwip0 | awk '/Candidate/ { print "lwIP " $2 }'
        ;;
    build)
        mkdir -p "$2/apt/lists/partial" "$2/apt/cache/archives/partial"
        cd "$2"
        suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
        key=/usr/share/keyrings/debian-archive-keyring.gpg
        printf 'deb [signed-by=%s] http://deb.debian.org/debian %s main\ndeb-src [signed-by=%s] http://deb.debian.org/debian %s main\n' "$key" "$suite" "$key" "$suite" > apt/sources.list
        options=(-qq -o "Dir::Etc::sourcelist=$2/apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$2/apt/lists" -o "Dir::Cache=$2/apt/cache" -o APT::Sandbox::User=root)
        apt-get "${options[@]}" update
        apt-get "${options[@]}" source -y lwip
        apt-get "${options[@]}" download liblwip0 liblwip-dev
        for package in liblwip*.deb; do dpkg -x "$package" root; done
        include=root/usr/include/lwip
        library=$(dirname "$(find root -name 'liblwip.so*' -print -quit)")
        gcc -O1 -w -DLWIP_NETBIOS_RESPOND_NAME_QUERY=1 -I "$include" -I "$include/lwip" -I "$include/posix" "$here/lwip.c" lwip-*/src/apps/netbiosns/netbiosns.c \
            -o lwip -L "$library" -Wl,-rpath,"$2/$library" -l:liblwip.so.0 -lpthread
        ;;
    run)
        ip tuntap add "$3" mode tap 2> /dev/null || true # it stays when the host is started again
        ip link set "$3" master br0 up
        PRECONFIGURED_TAPIF=$3 exec "$2/lwip" "$4" 255.255.255.0 "$5"
        ;;
esac
