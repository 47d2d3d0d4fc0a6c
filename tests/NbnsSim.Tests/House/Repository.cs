namespace NbnsSim.Tests.House;

/// <summary>Where the checkout is that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder with <c>NbnsSim.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NbnsSim.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("NbnsSim.sln is in none of the folders above the tests.");
    }
}
