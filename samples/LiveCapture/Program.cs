using System.Runtime.InteropServices;
using LiveCapture;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return new CaptureProgram(Console.Out, Console.Error).Run(args, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // the capture file is finished first
    stop.Cancel();
}
