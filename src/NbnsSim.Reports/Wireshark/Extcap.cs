using System.Globalization;
using System.IO.Pipes;
using System.Reflection;
using NbnsSim.Captures;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports.Wireshark;

/// <summary>
/// What a program says to be Wireshark's source of packets (the extcap interface: <c>extcap(4)</c>): an interface for each built-in scenario, and one for what this
/// machine's own interfaces see. <see cref="ExtcapRequest"/> is what Wireshark asks of it.
/// </summary>
public static class Extcap
{
    /// <summary>What the interface of what this machine sees is called.</summary>
    public const string LiveInterface = Prefix + "live";

    /// <summary>What stands for a scenario's own dialect.</summary>
    public const string OwnDialect = "own";

    private const string Prefix = "nbnssim-";
    private const string WindowsPipe = @"\\.\pipe\";

    /// <summary>The scenario of an interface; <see langword="null"/> where it has none.</summary>
    /// <param name="name">What the interface is called.</param>
    public static Scenario? FindScenario(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? BuiltInScenarios.Find(name[Prefix.Length..]) : null;
    }

    /// <summary>Whether there is such an interface.</summary>
    /// <param name="name">What it is called.</param>
    public static bool IsInterface(string name) => name == LiveInterface || FindScenario(name) is not null;

    /// <summary>Writes which interfaces there are.</summary>
    /// <param name="output">Where to; it stays open.</param>
    public static void WriteInterfaces(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Line(output, "extcap", ("version", "1.0"), ("display", "NetBIOS name service by nbnssim"));
        Line(output, "interface", ("value", LiveInterface), ("display", "NetBIOS name service: what this machine sees"));
        foreach (string name in BuiltInScenarios.Names)
            Line(output, "interface", ("value", Prefix + name), ("display", $"NetBIOS name service, simulated: {BuiltInScenarios.Find(name)!.Title}"));
    }

    /// <summary>Writes what an interface's frames begin with.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="name">What the interface is called.</param>
    public static void WriteLinkTypes(TextWriter output, string name)
    {
        ArgumentNullException.ThrowIfNull(output);
        var (type, title) = name == LiveInterface ? (LinkType.Raw, "Raw IP") : (LinkType.Ethernet, "Ethernet");
        Line(output, "dlt", ("number", Number((int)type)), ("name", name == LiveInterface ? "RAW" : "EN10MB"), ("display", title));
    }

    /// <summary>Writes what can be chosen for an interface: the options of the command that captures.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="name">What the interface is called.</param>
    public static void WriteConfiguration(TextWriter output, string name)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (name == LiveInterface)
        {
            Line(output, "arg", ("number", "0"), ("call", "--interface"), ("display", "Interface"), ("type", "string"), ("required", "false"), ("tooltip", "Such as eth0; all interfaces if not given. Linux, as root."));
            return;
        }

        Line(output, "arg", ("number", "0"), ("call", "--dialect"), ("display", "Dialect"), ("type", "selector"), ("tooltip", "What hosts behave like that have no dialect of their own."));
        Line(output, "value", ("arg", "0"), ("value", OwnDialect), ("display", "The scenario's own"), ("default", "true"));
        foreach (var dialect in NetBtDialect.All)
            Line(output, "value", ("arg", "0"), ("value", dialect.Name), ("display", dialect.Title), ("default", "false"));
        Line(output, "arg", ("number", "1"), ("call", "--seed"), ("display", "Seed"), ("type", "string"), ("required", "false"), ("validation", "^[0-9]*$"), ("tooltip", "What all randomness follows from, a number; the scenario's own if not given."));
        Line(output, "arg", ("number", "2"), ("call", "--real-time"), ("display", "In real time"), ("type", "boolflag"), ("default", "false"), ("tooltip", "Packets come when they are sent; else all at once."));
    }

    /// <summary>Opens what Wireshark reads packets from: a FIFO, or a named pipe of Windows.</summary>
    /// <param name="path">The path that Wireshark gives.</param>
    /// <exception cref="IOException">It cannot be opened; the message names it where the system's own does not.</exception>
    public static Stream OpenFifo(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (!path.StartsWith(WindowsPipe, StringComparison.Ordinal))
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var pipe = new NamedPipeClientStream(".", path[WindowsPipe.Length..], PipeDirection.Out);
            pipe.Connect();
            return pipe;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"'{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Writes a small script into Wireshark's folder of extcaps that calls the program that runs now: Wireshark calls what is there without a word of the program's own
    /// before its options.
    /// </summary>
    /// <param name="folder">The folder; made where it is not there.</param>
    /// <param name="words">The words that the program wants before Wireshark's.</param>
    /// <returns>The script.</returns>
    /// <exception cref="IOException">It cannot be written; the message names it.</exception>
    public static string Install(string folder, params IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(words);
        string process = Environment.ProcessPath ?? "dotnet";
        string[] program = Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Path.Combine(AppContext.BaseDirectory, $"{Assembly.GetEntryAssembly()?.GetName().Name}.dll")] : [process];
        string call = string.Join(' ', [.. program.Select(part => $"\"{part}\""), .. words]);
        string file = Path.Combine(folder, OperatingSystem.IsWindows() ? "nbnssim.bat" : "nbnssim");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(file, OperatingSystem.IsWindows() ? $"@echo off\r\n{call} %*\r\n" : $"#!/bin/sh\nexec {call} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"'{file}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Who calls is shown what is between braces; braces in it would end it.</summary>
    private static void Line(TextWriter output, string sentence, params ReadOnlySpan<(string Key, string Value)> parts)
    {
        output.Write(sentence);
        string between = " ";
        foreach (var (key, value) in parts)
        {
            output.Write($"{between}{{{key}={value.Replace('{', '(').Replace('}', ')')}}}");
            between = "";
        }

        output.Write('\n');
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
