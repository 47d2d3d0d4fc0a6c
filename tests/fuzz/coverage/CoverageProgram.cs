using NbnsSim.Tests.Fuzz;
using SharpFuzz;

var kind = Enum.Parse<InputKind>(args[0], ignoreCase: true);
Fuzzer.OutOfProcess.Run(stream =>
{
    using var input = new MemoryStream();
    stream.CopyTo(input);
    InputReaders.Read(kind, input.ToArray());
});
