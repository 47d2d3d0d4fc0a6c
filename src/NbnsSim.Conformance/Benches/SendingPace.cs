namespace NbnsSim.Conformance.Benches;

/// <summary>Holds whoever sends to so many datagrams a second; several benches that test one peer share one.</summary>
/// <param name="perSecond">The most datagrams in a second.</param>
/// <param name="time">The clock.</param>
internal sealed class SendingPace(int perSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _windowStart;
    private int _sentInWindow;

    /// <summary>Waits where a second has had its share.</summary>
    public void Wait()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            if (time.GetElapsedTime(_windowStart, now) >= TimeSpan.FromSeconds(1))
                (_windowStart, _sentInWindow) = (now, 0);
            if (++_sentInWindow < perSecond)
                return;
            Thread.Sleep(TimeSpan.FromSeconds(1) - time.GetElapsedTime(_windowStart, now));
            (_windowStart, _sentInWindow) = (time.GetTimestamp(), 0);
        }
    }
}
