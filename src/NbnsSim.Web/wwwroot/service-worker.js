// Keeps the files that the page was published with, each by its hash, and answers with them; what was kept of another version goes.
importScripts('./service-worker-assets.js');
const name = 'nbnssim-' + self.assetsManifest.version;
const isOurs = asset => !/\.(br|gz|map)$/.test(asset.url) && asset.url !== 'service-worker.js';
const page = new URL('index.html', self.registration.scope).href;

self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(name);
  await cache.addAll(self.assetsManifest.assets.filter(isOurs).map(asset => new Request(asset.url, { integrity: asset.hash, cache: 'no-cache' })));
  await self.skipWaiting(); // the page that is open goes on with the files that it has
})()));

self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const other of await caches.keys()) if (other.startsWith('nbnssim-') && other !== name) await caches.delete(other);
})()));

self.addEventListener('fetch', event => {
  if (event.request.method !== 'GET') return;
  event.respondWith((async () => {
    const cache = await caches.open(name);
    return await cache.match(event.request.mode === 'navigate' ? page : event.request, { ignoreSearch: true }) ?? fetch(event.request);
  })());
});
