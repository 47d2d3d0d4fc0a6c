namespace NbnsSim.Jobs.Campaigns;

/// <summary>Has another core make an item while the one before it is used.</summary>
internal static class ReadAhead
{
    /// <summary>The items, in their order, each of them made by one thread at a time. One that throws throws where it is asked for.</summary>
    /// <param name="items">The items.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items)
    {
        using var source = items.GetEnumerator();
        var ahead = Next();
        try
        {
            while (ahead.GetAwaiter().GetResult() is (true, var item))
            {
                ahead = Next();
                yield return item;
            }
        }
        finally
        {
            ((Task)ahead).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(); // whoever gives up waits for what is under way: it uses the source
        }

        Task<(bool IsThere, T Item)> Next() => Task.Run(() => source.MoveNext() ? (true, source.Current) : (false, default(T)!));
    }
}
