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
