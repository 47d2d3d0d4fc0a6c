"""Why other tools differ from the vectors. The first reason that fits takes a difference; one that none fits fails the check."""
import re


class Reason:
    def __init__(self, tool, title, why, clause, fields=".*", packets=".*", when=None):
        self.tool, self.title, self.why, self.clause = tool, title, why, clause
        self.fields, self.packets, self.when = re.compile(fields), re.compile(packets), when or (lambda vector, says, right: True)

    def fits(self, tool, vector, field, says, right):
        return tool == self.tool and bool(self.fields.fullmatch(field)) and bool(self.packets.fullmatch(vector["id"])) and self.when(vector, says, right)


def scoped(vector, says=None, right=None):
    said = vector.get("fields", {"questions": [], "records": []})
    return any(entry["name"]["scope"] for entry in said["questions"] + said["records"])


def error(*kinds):
    return lambda vector, says, right: vector.get("error", {}).get("what") in kinds


def bad_name(vector, says=None, right=None):
    return vector.get("error", {}).get("what") == "UnreadableName"


LENGTHS = "RFC 1002 §4.2.1.1 counts, §4.2.1.3 RDLENGTH"
ALL = [
    Reason("tshark", "Command blocks are one field, not three", "TOTAL_NUMBER_COMMAND_BLOCKS and MAX_TOTAL_NUMBER_COMMAND_BLOCKS are not read, so that each of the four fields behind them shows the octets "
           "of the field two places before it. Where statistics are all zero, as nearly all stacks send them, it does not show.", "RFC 1002 §4.2.18 STATISTICS", r"records\[0\]\.statistics\..*"),
    Reason("tshark", "A name ends at its first NUL", "A listed name is taken for a C string: of fifteen octets, the NULs at the end are not all shown.", "RFC 1002 §4.2.18 NODE_NAME; MS-NBTE §2.2.1", r"records\[0\]\.names\[0\]\.base",
           "stack/printer-names-padded-with-zeros"),
    Reason("tshark", "A scope is text", "A label that begins with NUL ends the name's text.", "RFC 1002 §4.1: labels are octets", r".*\.text", "scope/octets-that-are-no-text"),
    Reason("tshark", "Letters up to Z are half-ASCII", "A letter of Q to Z is taken, its value folded to four bits.", "RFC 1001 §14.1: 'A' to 'P'", r".*\.text", "bad-name/letter-.*"),
    Reason("tshark", "A first label of 34 letters is a name", "The letters beyond the 32nd are dropped.", "RFC 1002 §4.1: length must be 32", r".*\.text", "bad-name/label-of-34"),
    Reason("tshark", "A record that no count covers is not shown", "The diagrams of RFC 1002 draw one; Wireshark goes by the counts.", "RFC 1002 §4.2.14", "records", "uncounted/.*"),
    Reason("tshark", "A chain of seventeen pointers is followed", "No text bounds the pointers of a name; the bound of the vectors is this project's.", "RFC 1002 §4.1", "verdict", "compression/seventeen-pointers"),
    Reason("tshark", "Behind a root name the rest is not read as it stands", "The list of names is shown with the first one empty.", "RFC 1002 §4.2.18", r"records\[0\]\.names\[0\]\.base", "bad-name/node-status-response"),
    Reason("tshark", "Data of a record is read by opcode 7 alone", "In what is no WACK, for it is a request, the first octets of NB data are shown as a request's flags.", "RFC 1002 §4.2.16: a WACK is a response", r"records\[0\]\.requestFlags", "unknown/wack-request"),

    Reason("scapy", "A query without RD is taken for node status", "`bind_bottom_up` tells NBNSNodeStatusRequest by NM_FLAGS 0 or 1 alone; QUESTION_TYPE is not looked at.", "RFC 1002 §4.2.12, §4.2.17: QUESTION_TYPE tells them apart", "kind",
           when=lambda vector, says, right: says == "NODE STATUS REQUEST"),
    Reason("scapy", "A response is told by its flags alone", "An answer with AA, and RD as in a query, is NBNSQueryResponse or NBNSNodeStatusResponse, whatever RCODE and RR_TYPE are: refusals become positive answers.",
           "RFC 1002 §4.2.13, §4.2.14 RCODE, §4.2.18 RR_TYPE", "kind"),
    Reason("scapy", "A refusal has an owner at 127.0.0.1", "Where RDLENGTH is 0, the packet's default entry is kept: one address, 127.0.0.1, that no octet holds.", "RFC 1002 §4.2.14: RDLENGTH 0", r"records\[0\]\.entries.*",
           when=lambda vector, says, right: vector["fields"]["records"][0]["rdata"] == "" and not scoped(vector)),
    Reason("scapy", "There is no scope", "Behind the sixteenth octet a NUL is expected; a scope is read as the type and what follows it.", "RFC 1002 §4.1", r"(questions|records)\[.*", when=scoped),
    Reason("scapy", "Any label is a name", "The length octet is not looked at, nor whether the letters are 'A' to 'P': whatever stands there is decoded as sixteen octets, and what follows is shifted where it was shorter or longer.",
           "RFC 1002 §4.1: length must be 32; RFC 1001 §14.1", r"(questions|records)\[.*", when=lambda vector, says, right: bad_name(vector) or vector["id"] in ("header/wack-of-no-name",)),
    Reason("scapy", "A name in full behind a question is read as a pointer", "RR_NAME is two octets, always.", "RFC 1002 §4.1, §4.2.2", r"records\[.*", when=lambda vector, says, right: "UncompressedName" in vector.get("odd", [])),
    Reason("scapy", "Nothing is ever refused", "Lengths, counts, pointers and label types are not checked; octets that are missing leave fields at their defaults.", LENGTHS + ", §4.1", "verdict"),

    Reason("impacket", "A scope cannot be decoded", "`decode_name` steps over the length octet of a label and takes the next letter for it: a name with a scope is an exception, or text from behind the name.", "RFC 1002 §4.1", r"(complaint|questions.*|records.*)",
           when=scoped),
    Reason("impacket", "Letters up to any are half-ASCII", "The letters are not checked; a letter outside 'A' to 'P' gives a value all the same where it fits an octet.", "RFC 1001 §14.1", r"(questions|records)\[.*", when=bad_name),
    Reason("impacket", "Only the first entry is looked at", "A question's or record's name ends at a NUL; what is behind the first entry is never decoded, so nothing is wrong with it.", LENGTHS + ", §4.1 pointers", "verdict"),

    Reason("samba", "A name ends at its first NUL", "Names are C strings: \"*\" and fifteen NULs is \"*\", and what follows a NUL is gone.", "RFC 1001 §14.1, MS-NBTE §2.2.1: any sixteen octets", r".*\.trimmed"),
    Reason("samba", "A suffix of 80 and more is sign-extended", "The sixteenth octet is taken from a signed char: <8F> is 65423 (FF8F) in the Python binding.", "MS-NBTE §2.2.1: an octet", r".*\.name\.suffix",
           when=lambda vector, says, right: isinstance(right, int) and says == right | 0xFF00),
    Reason("samba", "A name that is none is an empty one", "The root label, or a first label with NUL, is a name without octets, its suffix 0.", "RFC 1002 §4.1: length must be 32", r".*\.name\.suffix", when=lambda vector, says, right: right is None),
    Reason("samba", "A scope is text", "Labels are C strings: what follows a NUL is gone.", "RFC 1002 §4.1: labels are octets", r".*\.scope", "scope/octets-that-are-no-text"),
    Reason("samba", "A record that no count covers is not read", "The diagrams of RFC 1002 draw one; Samba goes by the counts.", "RFC 1002 §4.2.14", "records", "uncounted/.*"),
    Reason("samba", "Names of over 255 octets are read", "Windows' name servers take such scopes too.", "RFC 1002 §4.1: 255 octets or less", "verdict", when=error("NameTooLong")),
    Reason("samba", "A pointer may lead into the header", "Where the octets there pass for a label.", "RFC 1002 §4.1: a pointer to a label of another name", "verdict", when=error("PointerIntoHeader")),
    Reason("samba", "RDLENGTH is not held against the octets of known types", "NB data is read by what is there, node status by NUM_NAMES.", "RFC 1002 §4.2.1.3 RDLENGTH", "verdict", when=error("RecordDataOverrun")),
    Reason("samba", "A chain of more than a few pointers is refused", "Its bound is lower than sixteen; no text has one.", "RFC 1002 §4.1", "complaint", "compression/15-records-that-point-to-each-other"),
]
