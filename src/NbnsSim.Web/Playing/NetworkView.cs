using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using NbnsSim.Nodes;
using NbnsSim.Playing;
using NbnsSim.Reports;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Web.Playing;

/// <summary>Draws the network of a play, with the datagrams under way. Hosts and datagrams are buttons.</summary>
public sealed class NetworkView : ComponentBase
{
    private const int MostForATelephone = 340;

    private NetworkLayout? _layout;
    private Scenario? _laidOut;

    /// <summary>The play.</summary>
    [Parameter]
    public required PlaySession Session { get; set; }

    /// <summary>The host that is chosen.</summary>
    [Parameter]
    public string? Host { get; set; }

    /// <summary>The datagram that is chosen; 0 for none.</summary>
    [Parameter]
    public long Datagram { get; set; }

    /// <summary>A host is chosen.</summary>
    [Parameter]
    public EventCallback<string> OnHost { get; set; }

    /// <summary>A datagram is chosen, by its number.</summary>
    [Parameter]
    public EventCallback<long> OnDatagram { get; set; }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!ReferenceEquals(_laidOut, Session.Scenario))
            (_layout, _laidOut) = (NetworkLayout.Of(Session.Scenario, Session.Simulator), Session.Scenario);
        var layout = _layout!;
        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", layout.Width > MostForATelephone ? "network wide" : "network");
        builder.AddAttribute(2, "viewBox", $"0 0 {Text(layout.Width)} {Text(layout.Height)}");
        builder.AddAttribute(3, "width", Text(layout.Width));
        builder.AddAttribute(4, "height", Text(layout.Height));
        builder.AddAttribute(5, "role", "group");
        builder.AddAttribute(6, "aria-label", "The network");
        foreach (var segment in layout.Segments)
            Draw(builder, segment);
        foreach (var router in layout.Routers)
            Draw(builder, router);
        foreach (var host in layout.Hosts)
            Draw(builder, host);
        var underWay = Session.Simulator.GetUnderWay();
        for (int i = 0; i < Math.Min(underWay.Length, 24); i++)
            Draw(builder, layout, underWay[i], i);
        builder.CloseElement();
    }

    private static void Draw(RenderTreeBuilder builder, NetworkLayout.SegmentPlace segment)
    {
        Shape(builder, "line", "bar", ("x1", "4"), ("x2", Text(segment.Width - 4)), ("y1", Text(segment.Y)), ("y2", Text(segment.Y)));
        string more = segment.LeftOut > 0 ? string.Create(CultureInfo.InvariantCulture, $", {segment.LeftOut:N0} more hosts") : "";
        Label(builder, "sub", 8, segment.Y + 18, $"{segment.Name} {segment.Subnet}{more}");
    }

    private static void Draw(RenderTreeBuilder builder, NetworkLayout.RouterPlace router)
    {
        Shape(builder, "line", "route", ("x1", Text(router.X)), ("x2", Text(router.X)), ("y1", Text(router.Bars.Min())), ("y2", Text(router.Bars.Max())));
        foreach (int bar in router.Bars)
            Shape(builder, "circle", "router", ("cx", Text(router.X)), ("cy", Text(bar)), ("r", "5"));
        Label(builder, "sub", router.X + 8, ((router.Bars.Min() + router.Bars.Max()) / 2) + 4, router.Name);
    }

    private void Draw(RenderTreeBuilder builder, NetworkLayout.HostPlace host)
    {
        var simulator = Session.Simulator;
        var node = simulator.NodeOf(host.Id);
        bool isUp = simulator.IsUp(host.Id);
        bool isCut = Session.IsCablePulled(host.Name);
        bool isHot = isUp && node?.GetNameRows().Any(row => row.Status == NbtStatStatus.Conflict) == true;
        string state = !isUp ? "down" : isCut ? "cable pulled" : node is { IsShutDown: false, NameCount: 0 } or { IsShutDown: true } && host.Roles == HostRoles.Node ? "not booted" : isHot ? "name in conflict" : "";
        int logged = simulator.Log.Count(entry => entry.Host == host.Id);
        string events = logged == 0 ? "" : logged == 1 ? "1 event" : $"{Text(logged)} events";
        Group(builder, $"host{(isUp ? "" : " down")}{(isCut ? " cut" : "")}{(isHot ? " hot" : "")}{(host.Roles.HasFlag(HostRoles.NameServer) ? " server" : "")}{(host.Name == Host ? " on" : "")}");
        Shape(builder, "line", "wire", ("x1", Text(host.X)), ("x2", Text(host.X)), ("y1", Text(host.Y + NetworkLayout.BoxHeight)), ("y2", Text(host.Y - 22 + 112)));
        Button(builder, $"{VisibleText.Escape(host.Name)}, {host.Address}{(host.Roles.HasFlag(HostRoles.NameServer) ? ", name server" : "")}{(state.Length > 0 ? $", {state}" : "")}{(events.Length > 0 ? $", {events} logged" : "")}", host.Name == Host,
            () => OnHost.InvokeAsync(host.Name));
        Shape(builder, "rect", "box", ("x", Text(host.X - (host.Width / 2))), ("y", Text(host.Y)), ("width", Text(host.Width)), ("height", Text(NetworkLayout.BoxHeight)), ("rx", "4"));
        builder.CloseElement();
        Label(builder, "name", host.X, host.Y + 19, Fit(VisibleText.Escape(host.Name), host.Width / 8));
        Label(builder, "address", host.X, host.Y + 36, host.Width < 84 ? "" : host.Address);
        Label(builder, "state", host.X, host.Y - 6, string.Join(", ", new[] { state, events }.Where(text => text.Length > 0)));
        builder.CloseElement();
    }

    private void Draw(RenderTreeBuilder builder, NetworkLayout layout, DatagramUnderWay datagram, int index)
    {
        var simulator = Session.Simulator;
        string segment = simulator.NameOf(datagram.Segment);
        if (layout.Segments.FirstOrDefault(place => place.Name == segment) is not { } bar)
            return;
        int from = X(datagram.Sender);
        int to = datagram.IsBroadcast || datagram.Receivers.IsEmpty ? from + 60 : X(datagram.Receivers[0]);
        int x = Math.Clamp(((from + to) / 2) + (index % 4 * 30) - 30, 16, layout.Width - 16);
        var (_, verb, subject, _) = PacketWords.Describe(datagram.Octets.AsSpan());
        Group(builder, datagram.Number == Datagram ? "flight on" : "flight");
        Button(builder, $"Datagram {Text(datagram.Number)} under way: {VisibleText.Escape($"{simulator.NameOf(datagram.Sender)}, {verb} {subject}")}", datagram.Number == Datagram,
            () => OnDatagram.InvokeAsync(datagram.Number));
        Shape(builder, "circle", "dot", ("cx", Text(x)), ("cy", Text(bar.Y)), ("r", "12"));
        builder.CloseElement();
        Label(builder, "number", x, bar.Y + 4, Text(datagram.Number));
        builder.CloseElement();

        int X(HostId host) => layout.Hosts.FirstOrDefault(place => place.Id == host && place.Segment == segment)?.X ?? layout.Width - 40;
    }

    private static void Group(RenderTreeBuilder builder, string kind)
    {
        builder.OpenElement(0, "g");
        builder.AddAttribute(1, "class", kind);
    }

    /// <summary>Begins a button: its words stand beside it, since those of a drawing are no text of a button.</summary>
    private void Button(RenderTreeBuilder builder, string label, bool isOn, Func<Task> chosen)
    {
        builder.OpenElement(0, "g");
        builder.AddAttribute(2, "role", "button");
        builder.AddAttribute(3, "tabindex", "0");
        builder.AddAttribute(4, "aria-label", label);
        builder.AddAttribute(5, "aria-pressed", isOn ? "true" : "false");
        builder.AddAttribute(6, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, chosen));
        builder.AddAttribute(7, "onkeydown", EventCallback.Factory.Create<KeyboardEventArgs>(this, async (KeyboardEventArgs key) =>
        {
            if (key.Key is "Enter" or " ")
                await chosen().ConfigureAwait(true);
        }));
    }

    private static void Shape(RenderTreeBuilder builder, string element, string kind, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        builder.OpenElement(0, element);
        builder.AddAttribute(1, "class", kind);
        foreach (var (name, value) in attributes)
            builder.AddAttribute(2, name, value);
        builder.CloseElement();
    }

    private static void Label(RenderTreeBuilder builder, string kind, int x, int y, string text)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", kind);
        builder.AddAttribute(2, "x", Text(x));
        builder.AddAttribute(3, "y", Text(y));
        builder.AddContent(4, text);
        builder.CloseElement();
    }

    private static string Fit(string text, int room) => text.Length <= room ? text : text[..Math.Max(1, room - 1)] + "…";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
