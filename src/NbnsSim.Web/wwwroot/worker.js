// The worker: the same program in a runtime of its own, which reads captures from start to end while the page stays quick. Diagnosing/CaptureWorker.cs has what it calls and what calls it.
import { dotnet } from './_framework/dotnet.js';

const reader = new FileReaderSync();
let files = [];
let parts = [];
let told = 0;

const runtime = await dotnet.create();
runtime.setModuleImports('worker', {
  read(file, from, octets) {
    try {
      const read = new Uint8Array(reader.readAsArrayBuffer(files[file].slice(from, from + octets.byteLength)));
      octets.set(read);
      return read.length;
    } catch { return 0; } // it was changed or taken away: the program says so
  },
  progress(share, frames) {
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    postMessage({ kind: 'progress', share, frames });
  },
  shown: (article, explanation, remarks) => postMessage({ kind: 'shown', article, explanation, remarks }),
  put: octets => parts.push(octets.slice()),
});
const desk = (await runtime.getAssemblyExports('NbnsSim.Web')).NbnsSim.Web.Diagnosing.CaptureWorker;
const types = { html: 'text/html', ndjson: 'application/x-ndjson', pcapng: 'application/x-pcapng' };

onmessage = ({ data }) => {
  try {
    let problem = '';
    if (data.files) {
      files = data.files;
      problem = desk.Read(files.map(file => file.name), files.map(file => file.size));
    } else if (data.write) {
      parts = [];
      problem = desk.Write(data.write);
      if (!problem) postMessage({ kind: 'file', write: data.write, blob: new Blob(parts, { type: types[data.write] }) });
      parts = [];
    } else {
      problem = desk.Narrow(data.name, data.host, data.logged, data.dialect);
    }
    if (problem) postMessage({ kind: 'problem', problem });
  } catch (e) {
    postMessage({ kind: 'problem', problem: 'The program failed at this: ' + (e?.message ?? e) });
  }
};
postMessage({ kind: 'ready' });
