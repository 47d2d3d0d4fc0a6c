using System.Runtime.InteropServices;

namespace NbnsSim.Cli;

/// <summary>Ctrl+C and its like, as long as this lives; they end the process only where they are not taken.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes SIGINT and SIGTERM, and more where they are named.</summary>
    /// <param name="stop">What to do; tells whether that is all, so that the process goes on.</param>
    /// <param name="more">Other signals.</param>
    public Interrupts(Func<bool> stop, params PosixSignal[] more) =>
        _registrations = [.. more.Prepend(PosixSignal.SIGTERM).Prepend(PosixSignal.SIGINT).Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = stop()))];

    /// <summary>Does something, as often as it is asked to: what was read by then is kept, and the exit code tells of no failure.</summary>
    public static Interrupts Do(Action stop) => new(() =>
    {
        stop();
        return true;
    });

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
