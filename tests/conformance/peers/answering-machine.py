"""Scapy's answering machine for name queries: answering-machine.py ADDRESS NAME. It answers for that one name, and does nothing else; it prints "ready" once it listens."""
import socket
import sys

from scapy.all import conf
from scapy.layers.netbios import NBNS_am

address, name = sys.argv[1:]
# the machine listens beside the kernel, which would refuse every datagram where nobody has the port
port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
port.bind((address, 137))
conf.iface = "eth0"
machine = NBNS_am(server_name=name, ip=address, iface="eth0", verbose=False)
print("ready", flush=True)
machine.run()
