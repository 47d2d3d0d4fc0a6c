// Light or dark: as the system has it until somebody chooses. The style sheets have one rule for dark, which this turns on or off, so that no colour is written twice.
(function () {
  'use strict';
  const system = matchMedia('(prefers-color-scheme: dark)');
  const kept = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
  const isDark = () => (kept() ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const rules = Array.from(document.styleSheets)
    .flatMap(sheet => Array.from(sheet.cssRules))
    .filter(rule => rule instanceof CSSMediaRule && rule.conditionText.replaceAll(' ', '') === '(prefers-color-scheme:dark)');
  const apply = () => {
    const dark = isDark();
    for (const rule of rules) rule.media.mediaText = dark ? 'all' : 'not all';
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    return dark;
  };
  system.addEventListener('change', apply);
  apply();
  window.nbnsTheme = {
    isDark,
    toggle() {
      try { localStorage.setItem('theme', isDark() ? 'light' : 'dark'); } catch { /* a browser that keeps nothing follows the system */ }
      return apply();
    },
  };
})();
