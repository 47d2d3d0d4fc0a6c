using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using NbnsSim.Web.Interop;
using NbnsSim.Web.Shell;

await Browser.Load().ConfigureAwait(true);
await Panes.Load().ConfigureAwait(true);
await Desk.Load().ConfigureAwait(true);
var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<App>("#app");
builder.RootComponents.Add<HeadOutlet>("head::after");
await builder.Build().RunAsync().ConfigureAwait(true);
