namespace NbnsSim.Transport;

/// <summary>A host cannot serve, or broke while it did; the message says why in a sentence, and <see cref="Exception.InnerException"/> is the fault itself.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="fault">What it came from.</param>
public sealed class NbnsServingException(string message, Exception fault) : IOException(message, fault);
