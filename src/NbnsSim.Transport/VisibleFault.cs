namespace NbnsSim.Transport;

/// <summary>A fault whose message would act on whoever reads a log, as it may be logged: the message escaped, and its kind and stack in words.</summary>
internal sealed class VisibleFault : Exception
{
    private readonly Exception _fault;

    private VisibleFault(Exception fault)
        : base(VisibleText.Escape(fault.Message), Of(fault.InnerException)) => _fault = fault;

    public override string? StackTrace => _fault.StackTrace;

    /// <summary>The fault itself where nothing in it has to be escaped.</summary>
    public static Exception? Of(Exception? fault)
    {
        for (var one = fault; one is not null; one = one.InnerException)
        {
            if (VisibleText.IndexOfHidden(one.Message) >= 0)
                return new VisibleFault(fault!);
        }

        return fault;
    }

    public override string ToString() =>
        $"{_fault.GetType()}: {Message}{(InnerException is null ? "" : $"\n ---> {InnerException}\n   --- of the fault within ---")}{(StackTrace is { } stack ? $"\n{stack}" : "")}";
}
