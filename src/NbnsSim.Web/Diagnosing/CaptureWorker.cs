using System.Runtime.InteropServices.JavaScript;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Web.Diagnosing;

/// <summary>
/// The door of the worker (<c>wwwroot/worker.js</c>): a second runtime, in which a capture is read from its start to its end without the page's noticing. Files are read there where they
/// lie, piece by piece, without a promise between.
/// </summary>
internal static partial class CaptureWorker
{
    private const string Module = "worker";
    private const int MaxArticle = 16 << 20;

    private static CaptureDesk? s_desk;
    private static Picture? s_picture;
    private static DiagnosisScope s_scope = DiagnosisScope.All;
    private static long s_told;

    /// <summary>Reads files and shows what is in them.</summary>
    /// <param name="names">What they are called.</param>
    /// <param name="lengths">How many octets each has.</param>
    /// <returns>What went wrong, in a sentence; empty where nothing did.</returns>
    [JSExport]
    internal static string Read(string[] names, double[] lengths) => Try(() =>
    {
        s_desk?.Dispose();
        s_desk = new CaptureDesk([.. names.Select((name, i) => new BrowserFile(name, () => new BlobStream((long)lengths[i], (from, octets) => ReadSlice(i, from, octets))))]) { Progress = Tell };
        s_desk.Read();
        Show(DiagnosisScope.All);
    });

    /// <summary>Shows less, or all again.</summary>
    /// <param name="name">Only this name, or those that begin like this; empty for all.</param>
    /// <param name="host">Only this machine's address; empty for all.</param>
    /// <param name="logged">Only what makes a machine log this event; 0 for all.</param>
    /// <param name="dialect">What machines behave like; empty for every preset.</param>
    /// <returns>What went wrong, in a sentence; empty where nothing did.</returns>
    [JSExport]
    internal static string Narrow(string name, string host, int logged, string dialect) => Try(() => Show(new DiagnosisScope
    {
        Names = name.Length == 0 ? null : NetBiosNameFilter.Parse(name),
        Host = host.Length == 0 ? null : Ipv4Address.Parse(host),
        EventId = logged == 0 ? null : logged,
        Dialect = NetBtDialect.TryFind(dialect, out var found) ? found : null,
    }));

    /// <summary>Writes what is shown as a file, piece by piece.</summary>
    /// <param name="kind"><c>html</c>, <c>ndjson</c> or <c>pcapng</c>.</param>
    /// <returns>What went wrong, in a sentence; empty where nothing did.</returns>
    [JSExport]
    internal static string Write(string kind) => Try(() =>
    {
        using var output = new BufferedStream(new PieceStream(Put), 1 << 18);
        switch (kind)
        {
            case "html":
                using (var text = new StreamWriter(output, leaveOpen: true) { NewLine = "\n" })
                    s_picture!.WriteHtml(text);
                break;
            case "ndjson":
                s_desk!.WriteNdjson(output);
                break;
            default:
                s_desk!.Annotate(output, s_scope);
                break;
        }

        output.Flush();
    });

    private static void Show(DiagnosisScope scope)
    {
        var desk = s_desk!;
        string article = "";
        s_scope = scope;
        if (desk.HasCapture)
        {
            s_picture = desk.Draw(scope);
            article = s_picture.WriteHtmlArticle(MaxArticle);
        }

        Shown(article, desk.Explanation, [.. desk.Remarks.Select(VisibleText.Escape)]);
    }

    private static string Try(Action act)
    {
        try
        {
            act();
            return "";
        }
        catch (OutOfMemoryException)
        {
            return "The browser has not enough memory for this: the tool, nbnssim diagnose, reads captures of any length.";
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            return VisibleText.Escape(e.Message);
        }
    }

    private static void Tell(double share, long frame)
    {
        if ((frame & 1_023) != 0 && frame - s_told < 10_000)
            return;
        s_told = frame;
        Progress(share, frame);
    }

    [JSImport("read", Module)]
    private static partial int ReadSlice(int file, double from, [JSMarshalAs<JSType.MemoryView>] Span<byte> octets);

    [JSImport("progress", Module)]
    private static partial void Progress(double share, double frames);

    [JSImport("shown", Module)]
    private static partial void Shown(string article, string explanation, string[] remarks);

    [JSImport("put", Module)]
    private static partial void Put([JSMarshalAs<JSType.MemoryView>] Span<byte> octets);
}
