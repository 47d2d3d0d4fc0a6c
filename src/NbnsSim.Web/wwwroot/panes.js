// What Play and What if ask of the browser; Interop/Panes.cs says what each function is for.
export const scrollDown = id => {
  const pane = document.getElementById(id);
  if (pane) pane.scrollTop = pane.scrollHeight;
};
export const go = fragment => { location.hash = fragment; };
