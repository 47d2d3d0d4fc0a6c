"""How an exchange is written: a machine in a state, what happens to it, and what it must send."""
from forms import *

OWN, PEER, THIRD, SERVER, SECOND_SERVER, EVERYBODY = "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.250", "10.0.0.251", "10.0.0.255"


def said(name):
    return {"octets": name.octets[:15].hex(), "suffix": name.octets[15], "scope": [label.decode("latin-1") for label in name.labels[1:]]}


def out(packet, to=None, t=None, at=None, free=(), broadcast=False):
    """A datagram that must be sent. `t` names a transaction id that the machine chooses, `free` are fields whose value it chooses, `at` is when, in milliseconds of the step."""
    ranges = [[packet.marks["type0"] + 4, 4] if field == "ttl" else [2, 2] if field == "flags" else field for field in free]
    datagram = {"hex": packet.octets.hex(), "to": f"{EVERYBODY if broadcast else to}:137" if ":" not in str(to) else to, "broadcast": broadcast}
    if t:
        datagram["transaction"] = t
    if at is not None:
        datagram["at"] = at
    if ranges:
        datagram["free"] = ranges
    return datagram


def aloud(packet, **more):
    return out(packet, broadcast=True, **more)


def hears(packet, *sends, source=PEER, port=137, broadcast=False, t=None, result=None):
    """A datagram that comes in, and what is sent because of it without time passing."""
    octets = packet if isinstance(packet, bytes) else packet.octets
    step = {"receive": octets.hex(), "from": f"{source}:{port}", "broadcast": broadcast}
    return step | ({"transaction": t} if t else {}) | {"sends": list(sends)} | ({"result": result} if result else {})


def waits(milliseconds, *sends, result=None):
    return {"pass": milliseconds, "sends": list(sends)} | ({"result": result} if result else {})


def does(command, name, *sends, result=None):
    return {"command": command, "name": said(name), "sends": list(sends)} | ({"result": result} if result else {})


class Exchanges:
    def __init__(self):
        self.all, self.ids = [], set()

    def _add(self, vector_id, machine, clause, why, steps):
        assert vector_id not in self.ids, vector_id
        self.ids.add(vector_id)
        self.all.append({"id": vector_id, "machine": machine, "steps": list(steps), "clause": clause} | ({"why": why} if why else {}))

    def node(self, vector_id, node_type, clause, *steps, names=(), groups=(), scope=(), ttl=0, why=None):
        """An end node that holds names. `ttl` is what a name server granted for them: 0, for ever."""
        machine = {"role": "node", "type": node_type, "address": OWN, "broadcast": EVERYBODY, "nameServers": [] if node_type == "B" else [SERVER], "scope": list(scope), "requestedTtl": 300000,
                   "grantedTtl": ttl, "names": [{"name": said(name), "group": False} for name in names] + [{"name": said(name), "group": True} for name in groups]}
        self._add(vector_id, machine, clause, why, steps)

    def server(self, vector_id, kind, clause, *steps, records=(), why=None):
        """A name server that holds records (name, group, addresses)."""
        machine = {"role": "nameServer", "kind": kind, "address": SERVER, "records": [{"name": said(name), "group": group, "addresses": list(addresses), "ttl": 300000}
                                                                                      for name, group, addresses in records]}
        self._add(vector_id, machine, clause, why, steps)
