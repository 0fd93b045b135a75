import Testing

@testable import MinhangRecordings

struct XMLParserTests {
  private func parse(_ text: String) -> XMLDocument { XMLParser.parse(Array(text.utf8)) }

  @Test func `elements, attributes, entities and character data`() {
    let document = parse("<?xml version=\"1.0\"?><!-- a --><a k='1 &lt; 2'> x &amp;&#65;&#x42; <b/><c>d<![CDATA[<&>]]></c></a> rest")
    #expect(document.defect == nil)
    #expect(document.root?.text == "x &AB")
    #expect(document.root?.attributes == ["k": "1 < 2"])
    #expect(document.root?.children.map(\.name) == ["b", "c"])
    #expect(document.root?.text(of: "c") == "d<&>")
  }

  @Test(arguments: [
    "", "hello", "<a>", "<a></b>", "<a>&x;</a>", "<a>\0</a>", "<a b></a>", "<a b=1/>", "<a>&#0;</a>", "<a><!-- </a>", "< a/>",
  ])
  func `defects are named, never read`(text: String) { #expect(parse(text).defect != nil) }

  @Test func `a document type definition is refused`() {
    let document = parse("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")
    #expect(document.root == nil && document.defect?.contains("document type definition") == true)
  }

  @Test func `nesting is limited to 64`() {
    func nested(_ depth: Int) -> String { String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth) }
    #expect(parse(nested(64)).defect == nil)
    #expect(parse(nested(65)).defect != nil)
  }

  @Test func `what came before a defect is kept`() {
    #expect(parse("<info><name>x</name><desc><a></b>").root?.text(of: "name") == "x")
  }
}
