using System.Collections.Frozen;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>The languages Whisper knows: ISO 639 codes (with its own <c>yue</c>, <c>haw</c>, <c>jw</c>) and English names.</summary>
internal static class Languages
{
    private const string List =
        "af afrikaans,am amharic,ar arabic,as assamese,az azerbaijani,ba bashkir,be belarusian,bg bulgarian,bn bengali,bo tibetan,br breton,"
        + "bs bosnian,ca catalan,cs czech,cy welsh,da danish,de german,el greek,en english,es spanish,et estonian,eu basque,fa persian,"
        + "fi finnish,fo faroese,fr french,gl galician,gu gujarati,ha hausa,haw hawaiian,he hebrew,hi hindi,hr croatian,ht haitian creole,"
        + "hu hungarian,hy armenian,id indonesian,is icelandic,it italian,ja japanese,jw javanese,ka georgian,kk kazakh,km khmer,kn kannada,"
        + "ko korean,la latin,lb luxembourgish,ln lingala,lo lao,lt lithuanian,lv latvian,mg malagasy,mi maori,mk macedonian,ml malayalam,"
        + "mn mongolian,mr marathi,ms malay,mt maltese,my myanmar,ne nepali,nl dutch,nn nynorsk,no norwegian,oc occitan,pa punjabi,pl polish,"
        + "ps pashto,pt portuguese,ro romanian,ru russian,sa sanskrit,sd sindhi,si sinhala,sk slovak,sl slovenian,sn shona,so somali,"
        + "sq albanian,sr serbian,su sundanese,sv swedish,sw swahili,ta tamil,te telugu,tg tajik,th thai,tk turkmen,tl tagalog,tr turkish,"
        + "tt tatar,uk ukrainian,ur urdu,uz uzbek,vi vietnamese,yi yiddish,yo yoruba,yue cantonese,zh chinese";

    private static readonly FrozenDictionary<string, string> Names = Pairs(byCode: true);
    private static readonly FrozenDictionary<string, string> Codes = Pairs(byCode: false);

    /// <summary>Lower-case English name of a code (a region after a dash is ignored), or null.</summary>
    public static string? NameOf(string code) => Names.GetValueOrDefault(Primary(code));

    /// <summary>Code of an English name, or null.</summary>
    public static string? CodeOf(string name) => Codes.GetValueOrDefault(name);

    /// <summary>A code without its region: en of en-US.</summary>
    public static string Primary(string code)
    {
        var cut = code.AsSpan().IndexOfAny('-', '_');
        return cut > 0 ? code[..cut] : code;
    }

    private static FrozenDictionary<string, string> Pairs(bool byCode)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in List.Split(','))
        {
            var cut = entry.IndexOf(' ', StringComparison.Ordinal);
            var (code, name) = (entry[..cut], entry[(cut + 1)..]);
            pairs[byCode ? code : name] = byCode ? name : code;
        }

        return pairs.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
