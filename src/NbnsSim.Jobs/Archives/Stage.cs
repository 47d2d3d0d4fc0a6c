using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace NbnsSim.Jobs.Archives;

/// <summary>A thread that does one thing to all that it is given, in that order; of this so much waits at most. What it fails with comes out where it is given more, or its end is waited for.</summary>
/// <typeparam name="T">What it is given.</typeparam>
internal sealed class Stage<T> : IDisposable
{
    private readonly BlockingCollection<T> _waiting;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private Exception? _failure;

    /// <summary>Begins.</summary>
    /// <param name="name">What the thread is called.</param>
    /// <param name="waiting">How many wait at most.</param>
    /// <param name="work">What is done to each.</param>
    /// <param name="end">What is done after the last.</param>
    public Stage(string name, int waiting, Action<T> work, Action end)
    {
        _waiting = new BlockingCollection<T>(waiting);
        _thread = new Thread(() => Run(work, end)) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Whether it does nothing more than what it has in hand: it has failed, or is disposed of.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Gives it another.</summary>
    /// <param name="item">What it is given.</param>
    public void Add(T item)
    {
        try
        {
            _waiting.Add(item, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            ThrowFailure();
            throw;
        }
    }

    /// <summary>That was the last; waits until all is done.</summary>
    public void Complete()
    {
        _waiting.CompleteAdding();
        _thread.Join();
        ThrowFailure();
    }

    /// <summary>Ends it, whatever waits.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _waiting.Dispose();
        _stop.Dispose();
    }

    private void ThrowFailure()
    {
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }

    private void Run(Action<T> work, Action end)
    {
        try
        {
            foreach (var item in _waiting.GetConsumingEnumerable(_stop.Token))
                work(item);
            end();
        }
        catch (OperationCanceledException)
        {
            // nobody wants it any more
        }
        catch (Exception e)
        {
            _failure = e;
            _stop.Cancel();
        }
    }
}
