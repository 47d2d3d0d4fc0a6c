// Compiles nbns.ksy and reads every vector with what comes out: one line of JSON for each, [fields, complaint].
// usage: node kaitai.js FOLDER-OF-NODE-MODULES FOLDER-OF-VECTORS
const fs = require("fs");
const path = require("path");
const [modules, folder] = process.argv.slice(2);
const load = (name) => require(path.join(modules, "node_modules", name));
const compiler = load("kaitai-struct-compiler");
const KaitaiStream = load("kaitai-struct/KaitaiStream");

const hex = (octets) => Buffer.from(octets).toString("hex");
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
const dotted = (address) => address.octets.join(".");

// The labels of a name, over its pointers. What the description cannot say is done here: a pointer leads to labels before the name that it stands in and
// outside the header, there are sixteen at most, and a name has at most 255 octets.
function labelsOf(name, start) {
    const found = [];
    let size = 1;
    for (let pointers = 0; ;) {
        for (const label of name.labels.filter((label) => !label.isPointer && label.length > 0)) {
            found.push(label);
            size += 1 + label.length;
        }
        const last = name.labels[name.labels.length - 1];
        if (size > 255) throw new Error("the name is too long");
        if (!last.isPointer) return found;
        if (last.offset >= start || last.offset < 12 || ++pointers > 16) throw new Error("the pointer leads nowhere");
        start = last.offset;
        name = last.target;
    }
}

function named(where, name, start, found) {
    const labels = labelsOf(name, start);
    const octets = labels.length > 0 && labels[0].length === 32 ? labels[0].content.octets : [];
    const isName = octets.length === 16 && octets.every((octet) => octet.isValid);
    found[`${where}.octets`] = isName ? hex(octets.slice(0, 15).map((octet) => octet.octet)) : null;
    found[`${where}.suffix`] = isName ? labels[0].content.suffix : null;
    const text = (label) => Buffer.from(label.length === 32 ? label._raw_content : label.content).toString("latin1");
    found[`${where}.scope`] = labels.slice(1).map(text).join(".");
}

function recorded(where, record, start, found) {
    named(`${where}.name`, record.name, start, found);
    Object.assign(found, { [`${where}.type`]: record.type, [`${where}.class`]: record.class, [`${where}.ttl`]: record.ttl, [`${where}.rdlength`]: record.rdlength });
    const data = record.rdata;
    if (Array.isArray(data.entries)) {
        found[`${where}.entries`] = data.entries.length;
        data.entries.forEach((entry, i) => {
            found[`${where}.entries[${i}].group`] = entry.group;
            found[`${where}.entries[${i}].ownerNodeType`] = "BPMH"[entry.ownerNodeType];
            found[`${where}.entries[${i}].address`] = dotted(entry.address);
        });
    }
    if (Array.isArray(data.names)) {
        found[`${where}.names`] = data.names.length;
        data.names.forEach((name, i) => {
            const bits = [name.group, name.ownerNodeType > 1, name.ownerNodeType % 2 === 1, name.deregistering, name.conflict, name.active, name.permanent];
            const flags = bits.reduce((word, bit, at) => word | (bit ? 0x8000 >> at : 0), name.reserved);
            Object.assign(found, { [`${where}.names[${i}].octets`]: hex(name.name), [`${where}.names[${i}].suffix`]: name.suffix, [`${where}.names[${i}].flags`]: flags });
        });
        for (const [key, value] of Object.entries(data.statistics || {}).filter(([key]) => !key.startsWith("_")))
            found[`${where}.statistics.${key}`] = key === "unitId" ? hex(value).match(/../g).join(":") : value;
    }
    if (data.requestFlags !== undefined && record.rdlength === 2) found[`${where}.requestFlags`] = data.requestFlags;
}

function read(Nbns, octets) {
    const packet = new Nbns(new KaitaiStream(Uint8Array.from(octets).buffer));
    const header = packet.header;
    const found = {
        "header.id": header.transactionId, "header.response": header.response, "header.opcode": header.opcode, "header.aa": header.authoritative, "header.tc": header.truncated,
        "header.rd": header.recursionDesired, "header.ra": header.recursionAvailable, "header.reserved": header.reserved, "header.b": header.broadcast, "header.rcode": header.rcode,
        "header.qdcount": header.qdcount, "header.ancount": header.ancount, "header.nscount": header.nscount, "header.arcount": header.arcount,
    };
    let records = [...packet.answers, ...packet.authorities, ...packet.additionals];
    if (records.length === 0 && packet.uncounted !== undefined) records = [packet.uncounted];
    found.questions = packet.questions.length;
    found.records = records.length;
    let at = 12; // where the entry stands, for pointers may only lead before it
    const sizeOf = (name) => name.labels.reduce((sum, label) => sum + (label.isPointer ? 2 : 1 + label.length), 0);
    packet.questions.forEach((question, i) => {
        named(`questions[${i}].name`, question.name, at, found);
        found[`questions[${i}].type`] = question.type;
        found[`questions[${i}].class`] = question.class;
        at += sizeOf(question.name) + 4;
    });
    records.forEach((record, i) => {
        recorded(`records[${i}]`, record, at, found);
        at += sizeOf(record.name) + 10 + record.rdlength;
    });
    return found;
}

async function main() {
    const description = load("js-yaml").load(fs.readFileSync(path.join(folder, "nbns.ksy"), "utf8"));
    const files = await (compiler.compile ? compiler : new compiler()).compile("javascript", description, null, false);
    const module = { exports: {} };
    new Function("module", "exports", "require", files["Nbns.js"])(module, module.exports, (name) => load(name));
    const Nbns = module.exports.Nbns || module.exports;
    for (const vector of JSON.parse(fs.readFileSync(path.join(folder, "packets.json"), "utf8")).packets) {
        let result;
        try {
            result = [read(Nbns, Buffer.from(vector.hex, "hex")), null];
        } catch (error) {
            result = [{}, `${error.name}: ${error.message}`];
        }
        console.log(JSON.stringify(result));
    }
}

main().catch((error) => {
    console.error(error.message || String(error));
    process.exit(1);
});
