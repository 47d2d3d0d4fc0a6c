namespace NbnsSim.Transport;

/// <summary>
/// The answers that came to a client but could not be used: "nobody answered" is only half of it then. Give <see cref="Add"/> to
/// <see cref="NbnsClientOptions.Dropped"/>. Any thread may call.
/// </summary>
public sealed class NbnsDroppedAnswers
{
    private const int MaxKept = 8; // whoever sends more says nothing new

    private readonly List<string> _sentences = [];

    /// <summary>A sentence for each, of the first eight that differ: <c>10.0.0.2:137 did answer, but …</c>.</summary>
    public IReadOnlyList<string> Sentences
    {
        get
        {
            lock (_sentences)
                return [.. _sentences];
        }
    }

    /// <summary>Keeps one.</summary>
    /// <param name="from">Who sent it.</param>
    /// <param name="reason">Why it was dropped.</param>
    public void Add(Ipv4Endpoint from, string reason)
    {
        string sentence = $"{from} did answer, but {reason}.";
        lock (_sentences)
        {
            if (_sentences.Count < MaxKept && !_sentences.Contains(sentence, StringComparer.Ordinal)) // a request is sent three times
                _sentences.Add(sentence);
        }
    }
}
