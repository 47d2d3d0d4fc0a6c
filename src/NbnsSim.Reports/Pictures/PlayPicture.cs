using NbnsSim.Events;
using NbnsSim.Narrative;
using NbnsSim.Playing;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Pictures;

/// <summary>Keeps a play's ladder and decisions, and draws the ladder as far as the play has come.</summary>
internal sealed class PlayPicture : PlayRecorder
{
    private const int MaxSteps = 100_000;

    private readonly RunRecorder _recorder;

    /// <summary>Makes one for a simulation; of a network of more than a hundred hosts it keeps nothing.</summary>
    public PlayPicture(Simulator simulator)
        : this(new RunRecorder(simulator, MaxSteps))
    {
    }

    private PlayPicture(RunRecorder recorder) => _recorder = recorder;

    /// <inheritdoc/>
    public override DecisionHistory History => _recorder.History;

    /// <summary>Whether the network is small enough to be drawn.</summary>
    public bool IsDetailed => _recorder.IsDetailed;

    /// <summary>How many steps there was no room for: the ladder ends before them.</summary>
    public long DroppedSteps => _recorder.DroppedSteps;

    /// <summary>The ladder's last steps as SVG: what led to what stands out has the accent's colour, each line its rules as its title. The lanes' names are a drawing of their own above it, of class <c>lanes</c>.</summary>
    /// <param name="most">How many steps at most.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="from">From when on; the beginning unless given.</param>
    public string Ladder(int most, string title, Instant from = default)
    {
        if (!IsDetailed)
            return "";
        var (lanes, steps) = _recorder.Ladder(from, most);
        var standing = new Standing(History);
        foreach (var packet in steps.Select(step => step.Packet).OfType<LadderPacket>())
            packet.IsEvidence = standing.Has(packet.Decision);
        var drawing = LadderDrawing.Of(lanes, steps, most, new Grounds(History, steps.Select(step => step.Packet?.Decision ?? 0).FirstOrDefault(number => number > 0)).Of);
        using var text = new StringWriter();
        using (var page = PageWriter.Piece(text))
        {
            page.Open("div", "class", "lanes");
            LadderSvg.WriteHead(page, drawing);
            page.Close();
            LadderSvg.Write(page, drawing, new PictureClock(null), "", title, static _ => 0, hasHead: false);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override PlayRecorder Fork(Simulator simulator) => new PlayPicture(_recorder.Fork(simulator));

    /// <inheritdoc/>
    public override void Sent(Simulator simulator, in SimulatedDatagram datagram) => _recorder.Sent(simulator, datagram);

    /// <inheritdoc/>
    public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame) => _recorder.Carried(simulator, datagram, frame);

    /// <inheritdoc/>
    public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) => _recorder.Diverted(simulator, datagram, fate);

    /// <inheritdoc/>
    public override void Logged(Simulator simulator, HostId host, NetBtEvent logged) => _recorder.Logged(simulator, host, logged);

    /// <inheritdoc/>
    public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => _recorder.RuleChanged(simulator, rule, isAdded);

    /// <inheritdoc/>
    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        if (IsDetailed)
            _recorder.Decided(simulator, host, number, decision);
    }
}
