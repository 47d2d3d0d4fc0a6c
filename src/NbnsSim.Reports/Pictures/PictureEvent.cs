namespace NbnsSim.Reports.Pictures;

/// <summary>An event as a picture shows it.</summary>
/// <param name="Title">Who logs what, in a line.</param>
/// <param name="Text">What Event Viewer shows, with its data octets; several lines.</param>
/// <param name="Because">Why it is logged; empty where that is not known.</param>
internal sealed record PictureEvent(string Title, string Text, string Because);
