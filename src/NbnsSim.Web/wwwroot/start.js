// After the first load the page is whole without a network: the service worker keeps its files, and nothing else.
if ('serviceWorker' in navigator) navigator.serviceWorker.register('service-worker.js', { updateViaCache: 'none' }).catch(() => { /* no https and not loopback: then without */ });
