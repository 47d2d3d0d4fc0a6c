"""impacket looks for a name by broadcast: impacket-query.py BROADCAST NAME."""
import sys

from impacket.nmb import NetBIOS, NetBIOSTimeout

broadcast, name = sys.argv[1:]
asker = NetBIOS()
asker.set_broadcastaddr(broadcast)
try:
    print(asker.gethostbyname(name).entries)
except NetBIOSTimeout as silence:
    print(silence)
