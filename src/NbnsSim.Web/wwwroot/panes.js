// What Play and What if ask of the browser; Interop/Panes.cs says what each function is for.
export const scrollDown = id => {
  const pane = document.getElementById(id);
  if (pane) pane.scrollTop = pane.scrollHeight;
};
export const go = fragment => { location.hash = fragment; };
// The space bar presses what is drawn as a button, and does not scroll the page as well.
addEventListener('keydown', event => {
  if (event.key === ' ' && event.target.closest('svg.network [role=button]')) event.preventDefault();
});
