using LiveCapture;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return new CaptureProgram(Console.Out, Console.Error).Run(args, stop.Token);
