// The page's side of the worker: files go in, a report comes out and is placed. Views/Diagnose.razor has the states, Interop/Desk.cs what it calls.
import { saveBlob } from './browser.js';

let worker = null;
let isReady = false;
let waiting = []; // what is sent before the worker listens would be lost
let tell = () => {};
let chosen = [];

const place = (id, fill) => {
  const element = document.getElementById(id);
  if (element) fill(element);
};

function send(message) {
  if (!worker) begin();
  if (isReady) worker.postMessage(message); else waiting.push(message);
}

function begin() {
  worker = new Worker('worker.js', { type: 'module' });
  worker.onerror = e => { stop(); tell('problem', 'The program could not be started: ' + (e.message ?? 'a file of it is missing'), 0); };
  worker.onmessage = ({ data }) => {
    if (data.kind === 'ready') {
      isReady = true;
      for (const message of waiting.splice(0)) worker.postMessage(message);
    } else if (data.kind === 'shown') {
      // the article is what the writer of HTML reports wrote, every text in it escaped; the others are text
      place('report', element => {
        element.innerHTML = data.article;
        const report = element.querySelector('.nbns');
        if (report) window.nbnsReport(report);
      });
      place('explanation', element => { element.textContent = data.explanation; element.hidden = !data.explanation; });
      place('remarks', element => {
        element.replaceChildren(...data.remarks.map(remark => Object.assign(document.createElement('li'), { textContent: remark })));
        element.hidden = !data.remarks.length;
      });
      tell('shown', document.querySelector('#report .lead')?.textContent ?? '', data.article ? 1 : 0);
    } else if (data.kind === 'file') {
      saveBlob(fileName(data.write), data.blob);
      tell('saved', '', 0);
    } else {
      tell(data.kind, data.problem ?? String(data.frames ?? ''), data.share ?? 0);
    }
  };
}

const fileName = kind => {
  const base = (chosen[0]?.name ?? 'capture').replace(/(\.(pcapng|pcap|cap|snoop|enc|gz|zst|xz))+$/i, '');
  return kind === 'pcapng' ? `${base}-annotated.pcapng` : `${base}.${kind}`;
};

export const onDesk = callback => { tell = callback; };

function read(files) {
  if (!files.length) return;
  chosen = [...files];
  tell('reading', chosen.map(file => file.name).join(', '), 0);
  send({ files: chosen });
}

// A file may be dropped anywhere on the view; a drop that nobody takes would leave the page for the file.
export function attach(zoneId, inputId) {
  const zone = document.getElementById(zoneId), input = document.getElementById(inputId);
  if (!zone || !input) return;
  input.addEventListener('change', () => { read(input.files); input.value = ''; });
  for (const kind of ['dragenter', 'dragover']) zone.addEventListener(kind, e => { e.preventDefault(); zone.classList.add('over'); });
  for (const kind of ['dragleave', 'drop']) zone.addEventListener(kind, e => { e.preventDefault(); zone.classList.remove('over'); });
  zone.addEventListener('drop', e => read(e.dataTransfer.files));
}

export const readOctets = (name, octets) => read([new File([octets.slice()], name)]);
export const narrow = (name, host, logged, dialect) => send({ name, host, logged, dialect });
export const write = kind => send({ write: kind });

export function stop() {
  worker?.terminate();
  [worker, isReady, waiting] = [null, false, []];
  for (const id of ['report', 'explanation', 'remarks']) place(id, element => element.replaceChildren());
}
