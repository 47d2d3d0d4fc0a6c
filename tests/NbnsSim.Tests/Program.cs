using NbnsSim.Tests.Simulation;

namespace NbnsSim.Tests;

/// <summary>What this assembly does when a test starts it as a process of its own.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["trace", var seed])
            return 2;
        Console.Out.Write(RoughNetwork.Hash(RoughNetwork.Trace(ulong.Parse(seed))));
        return 0;
    }
}
