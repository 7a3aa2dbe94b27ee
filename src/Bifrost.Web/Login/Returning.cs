namespace Bifrost.Web.Login;

/// <summary>Where somebody is led who has signed in.</summary>
internal static class Returning
{
    /// <summary>Only to a page of ours, whatever the address says.</summary>
    /// <param name="home">The pages' root.</param>
    /// <param name="wanted">Relative to it, or null.</param>
    public static string To(string home, string? wanted)
    {
        var root = new Uri(home);
        return Uri.TryCreate(root, wanted ?? "", out var to) && to.Scheme == root.Scheme && root.IsBaseOf(to) ? to.AbsoluteUri : home;
    }
}
