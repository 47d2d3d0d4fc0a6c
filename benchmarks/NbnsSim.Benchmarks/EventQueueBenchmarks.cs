using BenchmarkDotNet.Attributes;
using NbnsSim.Simulation;

namespace NbnsSim.Benchmarks;

/// <summary>The hold model, one operation: the first event out, one back a random time later. Judge by ratio and allocation.</summary>
[MemoryDiagnoser]
public class EventQueueBenchmarks
{
    private const int Operations = 100_000;

    private EventQueue<HoldModel.Item> _queue = null!;
    private PriorityQueue<HoldModel.Item, (long Time, long Sequence)> _reference = null!;
    private long[] _increments = null!;
    private long _sequence;

    [Params(1_000, 100_000, 1_000_000)]
    public int Pending { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _increments = HoldModel.Draw(HoldModel.Increments.Exponential);
        _queue = new EventQueue<HoldModel.Item>();
        _reference = HoldModel.MakeReference(Pending);
        for (int i = 0; i < Pending; i++)
        {
            _queue.Push(_increments[i & 0xFFFF] + i, new HoldModel.Item(i, 0, 0));
            _reference.Enqueue(new HoldModel.Item(i, 0, 0), (_increments[i & 0xFFFF] + i, _sequence++));
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void PriorityQueueByTimeAndSequence()
    {
        for (int i = 0; i < Operations; i++)
            HoldModel.Hold(_reference, _increments[i & 0xFFFF], ref _sequence);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void TimingWheel()
    {
        for (int i = 0; i < Operations; i++)
            HoldModel.Hold(_queue, _increments[i & 0xFFFF]);
    }
}
