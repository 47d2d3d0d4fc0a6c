using System.Globalization;
using System.Xml;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// Writes a page that is well-formed XML and HTML alike. Every text goes through an <see cref="XmlWriter"/>, after what does not show is escaped
/// (<see cref="VisibleText"/>): nothing from a packet or a file can become markup.
/// </summary>
internal sealed class PageWriter : IDisposable
{
    private readonly XmlWriter _xml;
    private readonly string? _namespace;

    private PageWriter(TextWriter output, string? @namespace)
    {
        _namespace = @namespace;
        _xml = XmlWriter.Create(output, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, NewLineChars = "\n" });
    }

    /// <summary>A page of HTML.</summary>
    public static PageWriter Html(TextWriter output)
    {
        output.Write("<!DOCTYPE html>\n");
        return new PageWriter(output, null);
    }

    /// <summary>A piece of a page of HTML.</summary>
    public static PageWriter Piece(TextWriter output) => new(output, null);

    /// <summary>A drawing that is a file by itself.</summary>
    public static PageWriter Svg(TextWriter output) => new(output, "http://www.w3.org/2000/svg");

    /// <summary>Begins an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Its attributes, names and values in turn.</param>
    public PageWriter Open(string name, params ReadOnlySpan<string> attributes)
    {
        _xml.WriteStartElement(name, _namespace);
        for (int i = 0; i < attributes.Length; i += 2)
            _xml.WriteAttributeString(attributes[i], VisibleText.Escape(attributes[i + 1]));
        return this;
    }

    /// <summary>Ends the element. One without content has an end tag too, as HTML wants it.</summary>
    public PageWriter Close()
    {
        _xml.WriteFullEndElement();
        return this;
    }

    /// <summary>An element that has no content by its nature, such as <c>meta</c>.</summary>
    public PageWriter Void(string name, params ReadOnlySpan<string> attributes)
    {
        Open(name, attributes);
        _xml.WriteEndElement();
        return this;
    }

    /// <summary>Text.</summary>
    public PageWriter Text(string text)
    {
        _xml.WriteString(VisibleText.Escape(text));
        return this;
    }

    /// <summary>The end of a line within text that keeps its lines.</summary>
    public PageWriter Break()
    {
        _xml.WriteString("\n");
        return this;
    }

    /// <summary>An element with text.</summary>
    public PageWriter Element(string name, string text, params ReadOnlySpan<string> attributes) => Open(name, attributes).Text(text).Close();

    /// <summary>An element of the page's own making, a style sheet or a script, which has no character that HTML would take for markup.</summary>
    public PageWriter Raw(string name, string content)
    {
        Open(name);
        _xml.WriteRaw(content);
        return Close();
    }

    /// <summary>A number as pages have it.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    public void Dispose() => _xml.Dispose();
}
