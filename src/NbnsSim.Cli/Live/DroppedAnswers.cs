namespace NbnsSim.Cli.Live;

/// <summary>The answers that came but could not be used: "nobody answered" is only half of it then.</summary>
internal sealed class DroppedAnswers
{
    private const int MaxKept = 8; // whoever sends more says nothing new

    private readonly List<string> _reasons = [];

    public bool Any
    {
        get
        {
            lock (_reasons)
                return _reasons.Count > 0;
        }
    }

    public void Add(Ipv4Endpoint from, string reason)
    {
        string line = $"nbnssim: {from} did answer, but {reason}.";
        lock (_reasons)
        {
            if (_reasons.Count < MaxKept && !_reasons.Contains(line, StringComparer.Ordinal)) // a request is sent three times
                _reasons.Add(line);
        }
    }

    public void Report(Terminal terminal)
    {
        lock (_reasons)
        {
            foreach (string line in _reasons)
                terminal.Error.WriteLine(line);
        }
    }
}
