using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>Whether a node is on, and which boot or shutdown is under way.</summary>
internal record struct NodeRun
{
    private int _lastOperation;
    private OperationId _boot;
    private OperationId _shutdown;
    private byte _wave;
    private bool _isOff;

    /// <summary>Whether its driver tells whoever listens of datagrams that the node does not look at; no part of its state. Here, since there is room and every datagram looks here.</summary>
    [field: NotState("a matter of who listens")]
    public bool LeavesUnheard { readonly get; set; }

    /// <summary>Whether the node was shut down.</summary>
    public readonly bool IsOff => _isOff;

    /// <summary>The boot that is under way; default for none.</summary>
    public readonly OperationId Boot => _boot;

    /// <summary>The shutdown that is under way; default for none.</summary>
    public readonly OperationId Shutdown => _shutdown;

    /// <summary>Whether commands are taken.</summary>
    public readonly bool TakesCommands => !_isOff && _shutdown == default;

    /// <summary>A number for the next command.</summary>
    public OperationId Next() => new(++_lastOperation);

    /// <summary>Switches the node on.</summary>
    public void SwitchOn() => _isOff = false;

    public OperationId BeginBoot()
    {
        _wave = 0;
        return _boot = Next();
    }

    /// <summary>The wave of names to claim now; the next call gives the one after it.</summary>
    public int NextWave() => _wave++;

    /// <returns>The boot that ends; default where there is none.</returns>
    public OperationId EndBoot()
    {
        var boot = _boot;
        _boot = default;
        return boot;
    }

    public OperationId BeginShutdown() => _shutdown = Next();

    /// <returns>The shutdown that ends; default where there is none.</returns>
    public OperationId EndShutdown()
    {
        var shutdown = _shutdown;
        _shutdown = default;
        return shutdown;
    }

    /// <summary>Switches the node off.</summary>
    public void SwitchOff() => _isOff = true;

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        if (!codec.IsFingerprint)
            codec.Carry(ref _lastOperation); // numbers only have to differ
        Carry(codec, ref _boot);
        Carry(codec, ref _shutdown);
        codec.Carry(ref _wave);
        codec.Carry(ref _isOff);
    }

    public readonly bool Equals(NodeRun other) =>
        (_lastOperation, _boot, _shutdown, _wave, _isOff) == (other._lastOperation, other._boot, other._shutdown, other._wave, other._isOff);

    public override readonly int GetHashCode() => _lastOperation;

    private static void Carry(StateCodec codec, ref OperationId operation)
    {
        int value = operation.Value;
        codec.CarryOperation(ref value);
        operation = new OperationId(value);
    }
}
