using System.CommandLine;
using NbnsSim.Files;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Cli;

/// <summary>The options of a command that draws what happened, and the files that they name.</summary>
internal sealed class PictureOptions
{
    private readonly (Option<string?> Option, Action<Picture, TextWriter> Write)[] _options;

    /// <summary>Adds the options to a command.</summary>
    public PictureOptions(Command command)
    {
        _options =
        [
            (new("--html") { HelpName = "OUT.html", Description = "Also write a page that needs nothing else: the verdict, a drawing, every name table through time, events and causes." }, static (picture, file) => picture.WriteHtml(file)),
            (new("--svg") { HelpName = "OUT.svg", Description = "Also write the drawing alone." }, static (picture, file) => picture.WriteSvg(file)),
            (new("--mermaid") { HelpName = "OUT.mmd", Description = "Also write what proves it as a Mermaid sequence diagram." }, static (picture, file) => picture.WriteMermaid(file)),
            (new("--markdown", "--md") { HelpName = "OUT.md", Description = "Also write it in Markdown, for a ticket." }, static (picture, file) => picture.WriteMarkdown(file)),
        ];
        foreach (var (option, _) in _options)
            command.Options.Add(option);
    }

    /// <summary>What is asked for; null where nothing is.</summary>
    public Action<Picture>? Of(ParseResult parsed) => !_options.Any(one => parsed.GetValue(one.Option) is not null) ? null : picture =>
    {
        foreach (var (option, write) in _options)
            OutputStream.WriteText(parsed.GetValue(option), file => write(picture, file));
    };
}
