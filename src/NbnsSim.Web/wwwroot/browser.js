// What the page asks of the browser; Interop/Browser.cs says what each function is for.
export const fragment = () => location.hash;
export const setFragment = text => history.replaceState(null, '', text);
export const onFragment = changed => addEventListener('hashchange', () => changed(location.hash));
export const isDark = () => window.nbnsTheme.isDark();
export const toggleTheme = () => window.nbnsTheme.toggle();
export const focus = id => document.getElementById(id)?.focus();
export const enliven = id => {
  const report = document.getElementById(id)?.querySelector('.nbns');
  if (report) window.nbnsReport(report);
};
export function pointAtOctets(id) {
  const root = document.getElementById(id);
  if (!root || root.dataset.points) return;
  root.dataset.points = 'yes';
  const point = event => {
    const row = event.target.closest?.('[data-from]'), octet = event.target.closest?.('[data-octet]');
    if (!row && !octet) return;
    const [from, to] = row ? [Number(row.dataset.from), Number(row.dataset.to)] : [Number(octet.dataset.octet), Number(octet.dataset.octet) + 1];
    for (const one of root.querySelectorAll('[data-octet]')) one.classList.toggle('on', Number(one.dataset.octet) >= from && Number(one.dataset.octet) < to);
    for (const one of root.querySelectorAll('[data-from]')) one.classList.toggle('on', row ? one === row : Number(one.dataset.from) <= from && from < Number(one.dataset.to));
  };
  for (const kind of ['mouseover', 'focusin', 'click']) root.addEventListener(kind, point);
}
export const copy = async text => {
  try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
};
export const save = (name, type, text) => saveBlob(name, new Blob([text], { type }));

export function saveBlob(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may take a moment to begin
}
