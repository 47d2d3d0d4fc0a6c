namespace NbnsSim.Jobs.Remote;

/// <summary>Inputs that are no files but objects of a web server or an object store, named by their URL.</summary>
internal static class ObjectUrl
{
    /// <summary>What a name of a query's parameter has in it where its value may be a secret.</summary>
    private static readonly string[] Secrets = ["sig", "token", "secret", "key", "pass", "pwd", "auth", "cred", "sas", "code", "session"];

    /// <summary>Whether an input is one.</summary>
    public static bool Is(string input) => input.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || input.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses what would carry a secret into the job's folder, its results and what is printed.</summary>
    /// <param name="input">An input; what is no URL passes.</param>
    /// <exception cref="JobException">It is no URL that can be asked, or has a secret in it. The message has none.</exception>
    public static void Check(string input)
    {
        if (!Is(input))
            return;
        if (!Uri.TryCreate(input, UriKind.Absolute, out var url) || url.Host.Length == 0)
            throw new JobException($"'{Mask(input)}' is no URL.");
        if (url.Fragment.Length > 0)
            throw new JobException($"'{Mask(input)}' names a part of an object: expected a URL without '#'.");
        if (url.UserInfo.Length > 0 || Parameters(url.Query).Any(IsSecret))
            throw new JobException($"'{Mask(input)}' has a secret in it, which would lie in the job's folder: put it into the file that {ObjectCredentials.Variable} names.");
    }

    /// <summary>A URL as it may be shown: without what stands before an '@' and without a query's values.</summary>
    /// <param name="text">The URL.</param>
    public static string Mask(string text)
    {
        int at = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and int scheme ? scheme + 3 : 0;
        int end = text.AsSpan(at).IndexOfAny("/?#") is >= 0 and int path ? at + path : text.Length;
        int user = text.AsSpan(at, end - at).LastIndexOf('@');
        if (user >= 0)
            text = string.Concat(text.AsSpan(0, at), "***", text.AsSpan(at + user));
        int query = text.IndexOf('?', StringComparison.Ordinal);
        return VisibleText.Escape(query < 0 ? text : text[..(query + 1)] + string.Join('&', text[(query + 1)..].Split('&').Select(parameter => IsSecret(parameter) ? $"{parameter.Split('=')[0]}=***" : parameter)));
    }

    private static string[] Parameters(string query) => query.Length > 1 ? query[1..].Split('&') : [];

    private static bool IsSecret(string parameter)
    {
        string name = Uri.UnescapeDataString(parameter.Split('=')[0]);
        return Secrets.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}
