using System.Collections.Immutable;
using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>A capture written anew with comments on some of its packets.</summary>
internal static class AnnotatedFile
{
    /// <summary><c>--annotate OUT.pcapng</c>; a name that says pcap is refused, since that format holds no comments.</summary>
    public static Option<string?> Option(Argument input, string description)
    {
        var option = new Option<string?>("--annotate") { HelpName = "OUT.pcapng", Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: var path }])
                return;
            if (Path.GetExtension(path).ToUpperInvariant() is ".PCAP" or ".CAP")
                result.AddError($"'{path}': the pcap format has no room for comments, pcapng has. Name the file .pcapng.");
            else if (result.GetResult(input)?.Tokens.Any(token => InputFiles.AreSame(path, token.Value)) == true)
                result.AddError($"'{path}' is the capture itself: write the comments to another file.");
        });
        return option;
    }

    /// <summary>Writes it, and says what of the capture could not be commented on.</summary>
    public static void Write(Terminal terminal, string path, Captures captures, IReadOnlyDictionary<long, ImmutableArray<string>> comments)
    {
        using var output = OutputStream.Create(path);
        terminal.Say(UnreadFrames.Remarks(CaptureAnnotator.Annotate(captures.Open, output, comments), captures.Title).Select(remark => $"{path}: {remark}"));
    }
}
