using System.Globalization;
using System.Xml;

namespace NbnsSim.Reports;

/// <summary>
/// Writes a page that is well-formed XML and HTML alike. Every text goes through an <see cref="XmlWriter"/>, after what does not show is escaped
/// (<see cref="VisibleText"/>): nothing from a packet or a file can become markup.
/// </summary>
internal sealed class PageWriter : IDisposable
{
    private readonly XmlWriter _xml;

    public PageWriter(TextWriter output)
    {
        output.Write("<!DOCTYPE html>\n");
        _xml = XmlWriter.Create(output, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, NewLineChars = "\n" });
    }

    /// <summary>Begins an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attributes">Its attributes, names and values in turn.</param>
    public PageWriter Open(string name, params ReadOnlySpan<string> attributes)
    {
        _xml.WriteStartElement(name);
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

    /// <summary>The page's own style sheet, which has no character that HTML would take for markup.</summary>
    public PageWriter Style(string css)
    {
        Open("style");
        _xml.WriteRaw(css);
        return Close();
    }

    /// <summary>A number as pages have it.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    public void Dispose() => _xml.Dispose();
}
