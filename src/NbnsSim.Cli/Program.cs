using NbnsSim.Cli;
using NbnsSim.Transport;

if (DescriptorLimit.Complaint() is { } complaint)
{
    DescriptorLimit.Say($"nbnssim: {complaint}");
    return ExitCode.BadInput;
}

return Start(args);

// apart, since what it needs is loaded when it begins
static int Start(string[] arguments)
{
    using var terminal = Terminal.ForProcess();
    return Tool.Run(arguments, terminal);
}
