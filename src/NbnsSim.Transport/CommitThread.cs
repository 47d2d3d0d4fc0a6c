namespace NbnsSim.Transport;

/// <summary>
/// Commits on a thread of its own, one group after the other: what is collected while one is under way is the next one. The host numbers what it collects; a commit
/// makes safe all numbers that were given out before it began.
/// </summary>
internal sealed class CommitThread
{
    private readonly Action _commit;
    private readonly Action _wake;
    private readonly object _lock = new();
    private readonly Thread _thread;
    private long _collected;
    private long _safe;
    private Exception? _fault;
    private bool _isRequested;
    private bool _isEnding;
    private bool _isNews;

    /// <param name="commit">Makes safe what was collected, or throws.</param>
    /// <param name="wake">Called, on the thread, when there is something to <see cref="TryTake"/>.</param>
    /// <param name="name">The thread's name.</param>
    public CommitThread(Action commit, Action wake, string name)
    {
        _commit = commit;
        _wake = wake;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Starts, with a commit: whether there can be one shows at once.</summary>
    public void Start()
    {
        Request(0);
        _thread.Start();
    }

    /// <summary>Asks for a commit of all up to a number.</summary>
    public void Request(long collected)
    {
        lock (_lock)
        {
            _collected = Math.Max(_collected, collected);
            _isRequested = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>What the last commit brought, once.</summary>
    /// <param name="safe">The highest number that is safe.</param>
    /// <param name="fault">Why the last commit failed; null if it did not.</param>
    public bool TryTake(out long safe, out Exception? fault)
    {
        lock (_lock)
        {
            (safe, fault) = (_safe, _fault);
            bool isNews = _isNews;
            _isNews = false;
            return isNews;
        }
    }

    /// <summary>Commits what is collected, and ends.</summary>
    public void End(long collected)
    {
        lock (_lock)
            _isEnding = true;
        Request(collected);
        _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            long collected;
            lock (_lock)
            {
                while (!_isRequested)
                {
                    if (_isEnding)
                        return;
                    Monitor.Wait(_lock);
                }

                _isRequested = false;
                collected = _collected;
            }

            Exception? fault = null;
            try
            {
                _commit();
            }
            catch (Exception e)
            {
                fault = e;
            }

            lock (_lock)
            {
                _fault = fault;
                if (fault is null)
                    _safe = collected;
                _isNews = true;
            }

            _wake();
        }
    }
}
