//! The element names that matter here, and what HTML says of them.

macro_rules! tags {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// An element's name; what is not listed is [`Tag::Other`], an inline element without meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Tag { $($variant,)* Other, Text, Root }

        impl Tag {
            /// By its lower-case name.
            pub(crate) fn of(name: &[u8]) -> Tag {
                match name { $($name => Tag::$variant,)* _ => Tag::Other }
            }
        }
    };
}

tags! {
    A b"a", Abbr b"abbr", Address b"address", Area b"area", Article b"article", Aside b"aside", Audio b"audio", B b"b",
    Base b"base", Blockquote b"blockquote", Body b"body", Br b"br", Button b"button", Canvas b"canvas", Caption b"caption",
    Center b"center", Cite b"cite", Code b"code", Col b"col", Dd b"dd", Details b"details", Dialog b"dialog", Dir b"dir",
    Div b"div", Dl b"dl", Dt b"dt", Em b"em", Embed b"embed", Fieldset b"fieldset", Figcaption b"figcaption",
    Figure b"figure", Font b"font", Footer b"footer", Form b"form", H1 b"h1", H2 b"h2", H3 b"h3", H4 b"h4", H5 b"h5",
    H6 b"h6", Head b"head", Header b"header", Hgroup b"hgroup", Hr b"hr", Html b"html", I b"i", Iframe b"iframe",
    Img b"img", Input b"input", Label b"label", Legend b"legend", Li b"li", Link b"link", Main b"main", Menu b"menu",
    Meta b"meta", Nav b"nav", Noscript b"noscript", Object b"object", Ol b"ol", Optgroup b"optgroup", Option b"option",
    P b"p", Param b"param", Picture b"picture", Pre b"pre", Script b"script", Section b"section", Select b"select",
    Small b"small", Source b"source", Span b"span", Strong b"strong", Style b"style", Sub b"sub", Summary b"summary",
    Sup b"sup", Svg b"svg", Table b"table", Tbody b"tbody", Td b"td", Template b"template", Textarea b"textarea",
    Tfoot b"tfoot", Th b"th", Thead b"thead", Time b"time", Title b"title", Tr b"tr", Track b"track", U b"u", Ul b"ul",
    Video b"video", Wbr b"wbr",
}

impl Tag {
    /// Never has content or an end tag.
    pub(crate) fn is_void(self) -> bool {
        use Tag::*;
        matches!(self, Area | Base | Br | Col | Embed | Hr | Img | Input | Link | Meta | Param | Source | Track | Wbr)
    }

    /// Its start tag ends an open paragraph.
    pub(crate) fn ends_paragraph(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Center
                | Details
                | Dialog
                | Dir
                | Div
                | Dl
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hgroup
                | Hr
                | Main
                | Menu
                | Nav
                | Ol
                | P
                | Pre
                | Section
                | Summary
                | Table
                | Ul
                | Li
                | Dd
                | Dt
        )
    }

    /// Its text is set apart from what stands before and after.
    pub(crate) fn is_block(self) -> bool {
        use Tag::*;
        self.ends_paragraph()
            || matches!(
                self,
                Audio
                    | Body
                    | Caption
                    | Head
                    | Html
                    | Iframe
                    | Legend
                    | Optgroup
                    | Option
                    | Root
                    | Select
                    | Tbody
                    | Td
                    | Textarea
                    | Tfoot
                    | Th
                    | Thead
                    | Title
                    | Tr
                    | Video
            )
    }

    /// No end tag or implied end reaches through it.
    pub(crate) fn is_scope(self) -> bool {
        use Tag::*;
        matches!(self, Root | Html | Table | Td | Th | Caption | Object | Template | Button)
    }

    /// A heading.
    pub(crate) fn is_heading(self) -> bool {
        use Tag::*;
        matches!(self, H1 | H2 | H3 | H4 | H5 | H6)
    }

    /// Nothing in it is ever text of the page.
    pub(crate) fn is_silent(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Script
                | Style
                | Noscript
                | Iframe
                | Svg
                | Template
                | Head
                | Select
                | Option
                | Optgroup
                | Textarea
                | Object
                | Canvas
                | Audio
                | Video
                | Title
                | Embed
                | Button
                | Dialog
        )
    }

    /// May stand in the head without ending it.
    pub(crate) fn is_head_matter(self) -> bool {
        use Tag::*;
        matches!(self, Head | Meta | Link | Title | Script | Style | Base | Noscript | Template)
    }
}
